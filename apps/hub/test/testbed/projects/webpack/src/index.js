import { heading } from './heading.js'

const title = document.createElement('h1')
const button = document.createElement('button')
let count = 0
const show = () => (button.textContent = `Count is ${count}`)
button.addEventListener('click', () => {
  count += 1
  show()
})
title.textContent = heading
show()
document.body.append(title, button)

if (module.hot) {
  module.hot.accept('./heading.js', () => {
    title.textContent = heading
  })
}
